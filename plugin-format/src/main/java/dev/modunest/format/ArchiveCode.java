package dev.modunest.format;

import java.util.Locale;

/** What can be wrong with an archive; the catalogue is {@code docs/format/archive.md}. */
enum ArchiveCode {
    NOT_A_ZIP("Make the jar with a jar or zip tool"),
    TRUNCATED("Upload the whole file"),
    UNEXPECTED_BYTES("Make the jar anew, with nothing before, between or after its records"),
    TRAILING_BYTES("Cut off what follows the end of the archive"),
    AMBIGUOUS_END("Compress nested archives, so that the jar has one end record"),
    ARCHIVE_COMMENT("Remove the archive comment"),
    BAD_END_RECORD("Make the jar anew: its end record does not describe it"),
    BAD_ZIP64("Make the jar anew: its zip64 records do not describe it"),
    ZIP64_NOT_NEEDED("Make the jar without zip64"),
    TOO_MANY_ENTRIES("Split the plugin, or drop what it does not use"),
    UNPACKED_TOO_LARGE("Split the plugin, or drop what it does not use"),
    ENTRY_TOO_LARGE("Split the file, or have the plugin fetch it"),
    ENTRY_RATIO("Leave out padding, or store the file uncompressed"),
    ARCHIVE_RATIO("Leave out padding, or store large files uncompressed"),
    ABSOLUTE_PATH("Name the entry relative to the root of the jar"),
    PATH_TRAVERSAL("Name the entry without . and .. segments"),
    BAD_NAME("Rename the entry"),
    DUPLICATE_ENTRY("Keep one of the entries"),
    NAME_COLLISION("Rename one: they are one file on some systems"),
    FILE_DIRECTORY_CONFLICT("Rename the file or the directory"),
    DIRECTORY_WITH_DATA("Make the directory entry empty"),
    SYMBOLIC_LINK("Pack the file that the link points to"),
    SPECIAL_FILE("Pack regular files and directories only"),
    ENCRYPTED_ENTRY("Pack the entry without encryption"),
    UNSUPPORTED_FLAGS("Make the jar with a jar or zip tool and default options"),
    UNSUPPORTED_METHOD("Store or deflate the entry"),
    EXTRA_FIELD("Make the jar without this extra field, for example with zip -X"),
    STORED_WITH_DESCRIPTOR("Write the size of a stored entry in its header"),
    BAD_DESCRIPTOR("Make the jar anew: the data descriptor does not describe the entry"),
    BAD_DATA("Make the jar anew: the compressed data is damaged"),
    CRC_MISMATCH("Make the jar anew: the entry is damaged"),
    SIZE_MISMATCH("Make the jar anew: the entry is not of the size that its header says"),
    HEADER_MISMATCH("Make the jar anew: local header and central directory must agree"),
    HIDDEN_ENTRY("Make the jar anew: every entry belongs in the central directory"),
    MISSING_ENTRY("Make the jar anew: the central directory lists an entry that is not there"),
    NESTED_TOO_DEEP("Unpack the inner archive"),
    RESERVED_PACKAGE("Move the class to a package of your own"),
    MANIFEST_MF_MISPLACED("Make the jar with the jar tool, which puts the manifest first"),
    MANIFEST_MF_TOO_LARGE("Shorten META-INF/MANIFEST.MF"),
    VERSIONED_META_INF("Move the entry out of META-INF/versions"),
    VERSIONED_CLASS("Add the class to the base of the jar too"),
    MANIFEST_MISSING("Add " + Manifest.PATH),
    MANIFEST_TOO_LARGE("Shorten " + Manifest.PATH),
    MANIFEST_NOT_JSON("Write " + Manifest.PATH + " as one JSON object in UTF-8"),
    FIELD_MISSING("Add the field"),
    FIELD_TYPE("Write the field with the type that docs/format/manifest.md gives"),
    FIELD_VALUE("Correct the field as docs/format/manifest.md says"),
    SELF_REQUIREMENT("Remove the plugin itself from requires"),
    DUPLICATE_REQUIREMENT("Name each plugin once in requires and join the ranges"),
    ENTRY_POINT_NOT_FOUND("Pack the class, or correct entry_point"),
    EXPORT_NOT_FOUND("Pack a class of the package, or remove it from exports");

    private final String fix;

    ArchiveCode(String fix) {
        this.fix = fix;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    ArchiveProblem at(String where, String detail) {
        return new ArchiveProblem(code(), where, detail, fix);
    }
}
