"""An operating system's kernel in miniature, after Martin Richards: method calls, attributes, small objects."""

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
DEVICE, WORK = 0, 1
BUFFER = 4
ROUNDS = 3
COUNT = 10_000


class Packet:
    def __init__(self, link, task, kind):
        self.link = link
        self.task = task
        self.kind = kind
        self.datum = 0
        self.data = [0] * BUFFER

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        packet = queue
        while packet.link is not None:
            packet = packet.link
        packet.link = self
        return queue


class Task:
    def __init__(self, kernel, number, priority, queue):
        self.kernel = kernel
        self.number = number
        self.priority = priority
        self.queue = queue
        self.is_held = False
        self.is_waiting = queue is None
        kernel.tasks[number] = self
        kernel.order.append(self)

    def takes_turn(self):
        return not self.is_held and not (self.is_waiting and self.queue is None)

    def turn(self):
        packet = None
        if self.is_waiting and self.queue is not None:
            packet = self.queue
            self.queue = packet.link
        self.is_waiting = False
        self.run(packet)

    def wait(self):
        self.is_waiting = True

    def send(self, packet):
        self.kernel.queued += 1
        packet_to = self.kernel.tasks[packet.task]
        packet.task = self.number
        packet_to.queue = packet.append_to(packet_to.queue)


class Idle(Task):
    def __init__(self, kernel):
        super().__init__(kernel, IDLE, 0, None)
        self.is_waiting = False
        self.control = 1
        self.count = COUNT

    def run(self, packet):
        self.count -= 1
        if self.count == 0:
            self.is_held = True
        elif self.control & 1 == 0:
            self.control //= 2
            self.kernel.tasks[DEVICE_A].is_held = False
        else:
            self.control = (self.control // 2) ^ 0xD008
            self.kernel.tasks[DEVICE_B].is_held = False


class Worker(Task):
    def __init__(self, kernel, queue):
        super().__init__(kernel, WORKER, 1000, queue)
        self.is_waiting = True
        self.target = HANDLER_A
        self.letter = 0

    def run(self, packet):
        if packet is None:
            return self.wait()
        self.target = HANDLER_B if self.target == HANDLER_A else HANDLER_A
        packet.task = self.target
        packet.datum = 0
        for place in range(BUFFER):
            self.letter = self.letter % 26 + 1
            packet.data[place] = ord("A") + self.letter - 1
        self.send(packet)
        self.wait()


class Handler(Task):
    def __init__(self, kernel, number, priority, queue, device):
        super().__init__(kernel, number, priority, queue)
        self.is_waiting = True
        self.device = device
        self.work = None
        self.devices = None

    def run(self, packet):
        if packet is not None:
            if packet.kind == WORK:
                self.work = packet.append_to(self.work)
            else:
                self.devices = packet.append_to(self.devices)
        work = self.work
        if work is None:
            return self.wait()
        if work.datum >= BUFFER:
            self.work = work.link
            self.send(work)
        elif self.devices is not None:
            device = self.devices
            self.devices = device.link
            device.datum = work.data[work.datum]
            work.datum += 1
            device.task = self.device
            self.send(device)
        self.is_waiting = self.queue is None or self.work is None


class Device(Task):
    def __init__(self, kernel, number, priority):
        super().__init__(kernel, number, priority, None)
        self.pending = None

    def run(self, packet):
        if packet is None:
            if self.pending is None:
                return self.wait()
            pending, self.pending = self.pending, None
            self.send(pending)
        else:
            self.pending = packet
            self.is_held = True
            self.kernel.holds += 1
            self.is_waiting = False


class Kernel:
    def __init__(self):
        self.tasks = [None] * 6
        self.order = []
        self.queued = 0
        self.holds = 0
        self.turns = 0

    def schedule(self):
        while True:
            for task in self.order:
                if task.takes_turn():
                    self.turns += 1
                    task.turn()
                    break
            else:
                return


def packets(task, kind, count):
    queue = None
    for _ in range(count):
        queue = Packet(queue, task, kind)
    return queue


def simulate():
    kernel = Kernel()
    Idle(kernel)
    Worker(kernel, packets(WORKER, WORK, 2))
    Handler(kernel, HANDLER_A, 2000, packets(DEVICE_A, DEVICE, 3), DEVICE_A)
    Handler(kernel, HANDLER_B, 3000, packets(DEVICE_B, DEVICE, 3), DEVICE_B)
    Device(kernel, DEVICE_A, 4000)
    Device(kernel, DEVICE_B, 5000)
    kernel.order.sort(key=lambda task: -task.priority)
    kernel.schedule()
    return kernel.queued, kernel.holds, kernel.turns


def run():
    return [simulate() for _ in range(ROUNDS)]
