package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Targets divided by the first bits of the SHA-256 of their paths into {@code 2^bitLength} roles
 * {@code <prefix>-<hex>} with the same keys (TAP 15, {@code succinct_roles}); all are terminating.
 */
public record HashBins(String prefix, int bitLength, RoleKeys keys) implements Delegations {

    private static final int MAX_BITS = 32;

    public HashBins {
        if (bitLength < 1 || bitLength > MAX_BITS) {
            throw new IllegalArgumentException("'bit_length' is 1 to 32, not " + bitLength);
        }
    }

    static HashBins parse(JsonNode json, KeyRing keys) {
        return new HashBins(
                MetadataFields.text(json, "name_prefix"),
                (int) Math.min(MetadataFields.positive(json, "bit_length"), MAX_BITS + 1L),
                keys.of(json));
    }

    /** The name of the bin that a target is in. */
    public String binOf(String targetPath) {
        long bits = HexFormat.fromHexDigitsToLong(TargetPaths.hash(targetPath).hex(), 0, 8);
        return name(bits >>> (MAX_BITS - bitLength));
    }

    /** The names of all bins, of divisions of up to 2^16. */
    public List<String> names() {
        if (bitLength > 16) {
            throw new IllegalStateException("too many to be listed");
        }
        List<String> names = new ArrayList<>(1 << bitLength);
        for (long i = 0; i < 1L << bitLength; i++) {
            names.add(name(i));
        }
        return names;
    }

    private String name(long index) {
        int digits = (bitLength + 3) / 4;
        return prefix + "-" + HexFormat.of().toHexDigits(index, digits);
    }

    @Override
    public List<DelegatedRole> rolesFor(String targetPath) {
        String bin = binOf(targetPath);
        return List.of(new DelegatedRole(bin, keys, true, new TargetPaths.Bin(this, bin)));
    }

    @Override
    public Optional<RoleKeys> keysOf(String role) {
        int digits = (bitLength + 3) / 4;
        if (!role.startsWith(prefix + "-") || role.length() != prefix.length() + 1 + digits) {
            return Optional.empty();
        }
        String suffix = role.substring(prefix.length() + 1);
        boolean bin =
                suffix.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))
                        && HexFormat.fromHexDigitsToLong(suffix) < 1L << bitLength;
        return bin ? Optional.of(keys) : Optional.empty();
    }
}
