/* The list of what the guest is made of, in a section that takes no memory of the guest's. */
    .section .custom_section.wadup.sbom,"",@
    .incbin WADUP_SBOM_FILE
