/* The bundle in a data section of its own; the guest mounts what lies between the two symbols. */
    .section .rodata.wadup_bundle,"",@
    .globl wadup_bundle
    .type wadup_bundle,@object
    .p2align 4
wadup_bundle:
    .incbin WADUP_BUNDLE_FILE
    .size wadup_bundle, . - wadup_bundle

    .globl wadup_bundle_end
    .type wadup_bundle_end,@object
wadup_bundle_end:
    .int8 0
    .size wadup_bundle_end, 1

/* The list of what the guest is made of, in a section that takes no memory of the guest's. */
    .section .custom_section.wadup.sbom,"",@
    .incbin WADUP_SBOM_FILE
