"""The planets' orbits, after the Computer Language Benchmarks Game: arithmetic on floats in lists."""

from math import pi

SOLAR_MASS = 4 * pi * pi
DAYS = 365.24
STEPS = 30_000


def bodies() -> list[tuple[list[float], list[float], float]]:
    return [
        ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], SOLAR_MASS),
        (
            [4.84143144246472090, -1.16032004402742839, -0.103622044471123109],
            [0.00166007664274403694 * DAYS, 0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS],
            0.000954791938424326609 * SOLAR_MASS,
        ),
        (
            [8.34336671824457987, 4.12479856412430479, -0.403523417114321381],
            [-0.00276742510726411912 * DAYS, 0.00499852801234917238 * DAYS, 0.0000230417297573763929 * DAYS],
            0.000285885980666130812 * SOLAR_MASS,
        ),
        (
            [12.8943695621391310, -15.1111514016986312, -0.223307578892655734],
            [0.00296460137564761618 * DAYS, 0.00237847173959480950 * DAYS, -0.0000296589568540237556 * DAYS],
            0.0000436624404335156298 * SOLAR_MASS,
        ),
        (
            [15.3796971148509165, -25.9193146099879641, 0.179258772950371181],
            [0.00268067772490389322 * DAYS, 0.00162824170038242295 * DAYS, -0.0000951592254519715870 * DAYS],
            0.0000515138902046611451 * SOLAR_MASS,
        ),
    ]


def advance(pairs: list, all_bodies: list, step: float, steps: int) -> None:
    for _ in range(steps):
        for (place, velocity, mass), (other_place, other_velocity, other_mass) in pairs:
            x = place[0] - other_place[0]
            y = place[1] - other_place[1]
            z = place[2] - other_place[2]
            force = step / ((x * x + y * y + z * z) ** 1.5)
            pull, other_pull = other_mass * force, mass * force
            velocity[0] -= x * pull
            velocity[1] -= y * pull
            velocity[2] -= z * pull
            other_velocity[0] += x * other_pull
            other_velocity[1] += y * other_pull
            other_velocity[2] += z * other_pull
        for place, (x, y, z), _ in all_bodies:
            place[0] += step * x
            place[1] += step * y
            place[2] += step * z


def energy(pairs: list, all_bodies: list) -> float:
    total = 0.0
    for (place, _, mass), (other_place, _, other_mass) in pairs:
        distance = sum((a - b) ** 2 for a, b in zip(place, other_place)) ** 0.5
        total -= mass * other_mass / distance
    for _, velocity, mass in all_bodies:
        total += mass * sum(part * part for part in velocity) / 2
    return total


def run() -> list[str]:
    every = bodies()
    pairs = [(every[i], every[j]) for i in range(len(every)) for j in range(i + 1, len(every))]
    before = energy(pairs, every)
    advance(pairs, every, 0.01, STEPS)
    # The C library's pow may differ in the last bits.
    return [f"{before:.6f}", f"{energy(pairs, every):.6f}"]
