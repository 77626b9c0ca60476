package dev.modunest.format;

/** What an archive may unpack to, what is nested in it included. */
final class UnpackBudget {

    private final ArchiveLimits limits;
    private long spent;

    UnpackBudget(ArchiveLimits limits) {
        this.limits = limits;
    }

    /** Counts {@code count} further bytes of an entry that has had {@code ofEntry} with them. */
    void spend(String entry, long ofEntry, int count) throws ArchiveStop {
        spent += count;
        if (ofEntry > limits.entryBytes()) {
            throw new ArchiveStop(
                    0,
                    ArchiveCode.ENTRY_TOO_LARGE.at(
                            entry,
                            "the entry unpacks to more than the limit of "
                                    + limits.entryBytes()
                                    + " bytes"));
        }
        if (spent > limits.unpackedBytes()) {
            throw new ArchiveStop(
                    0,
                    ArchiveCode.UNPACKED_TOO_LARGE.at(
                            entry,
                            "with this entry the archive unpacks to more than the limit of "
                                    + limits.unpackedBytes()
                                    + " bytes"));
        }
    }
}
