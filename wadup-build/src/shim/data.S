/* The bundle in a data section of its own: its length, then the zip that the guest mounts. */
    .section .rodata.wadup_bundle,"",@
    .globl wadup_bundle_length
    .type wadup_bundle_length,@object
    .p2align 4
wadup_bundle_length:
    .int32 .Lend - wadup_bundle
    .size wadup_bundle_length, 4

    .globl wadup_bundle
    .type wadup_bundle,@object
    .p2align 4
wadup_bundle:
    .incbin WADUP_BUNDLE_FILE
.Lend:
    .zero WADUP_BUNDLE_PADDING
    .size wadup_bundle, . - wadup_bundle

/* The list of what the guest is made of, in a section that takes no memory of the guest's. */
    .section .custom_section.wadup.sbom,"",@
    .incbin WADUP_SBOM_FILE
