package dev.modunest.format.tuf.write;

import dev.modunest.format.PluginId;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.tuf.HashBins;

/** The roles and targets of a registry's repository; paths below {@code /tuf/}. */
public final class Layout {

    /** Delegated: {@link #REVOKED}. */
    public static final String REVOCATIONS = "revocations";

    /** Delegated: the index, by hashed bins {@code bin-00} to {@code bin-ff}. */
    public static final String BINS = "bins";

    /** What targets are below. */
    public static final String TARGETS_FOLDER = "targets/";

    public static final String TRUSTED_ROOT = "trusted_root.json";
    public static final String POLICY = "policy.json";
    public static final String REVOKED = "revoked.json";

    static final String BIN_PREFIX = "bin";
    static final int BIN_BITS = 8;
    static final String INDEX_PATTERN = "index/*/*.json";

    private Layout() {}

    static HashBins bins(VerifyingKey key) {
        return new HashBins(BIN_PREFIX, BIN_BITS, RootKeys.single(key));
    }

    /** The target that is a plugin's document of the sparse index. */
    public static String indexTarget(PluginId plugin) {
        return "index/" + plugin.namespace() + "/" + plugin.name() + ".json";
    }
}
