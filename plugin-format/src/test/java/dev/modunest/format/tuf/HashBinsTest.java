package dev.modunest.format.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class HashBinsTest {

    private static final RoleKeys KEYS = new RoleKeys(List.of(), 1);

    /** SHA-256 of "x" begins with 2d711642 (0010 1101 0111 0001...). */
    @ParameterizedTest
    @CsvSource({"1, b-0", "3, b-1", "4, b-2", "8, b-2d", "10, b-0b5", "32, b-2d711642"})
    void divideByTheFirstBitsOfThePathsHash(int bits, String bin) {
        HashBins bins = new HashBins("b", bits, KEYS);
        assertThat(bins.binOf("x")).isEqualTo(bin);
        DelegatedRole role = bins.rolesFor("x").getFirst();
        assertThat(role.name()).isEqualTo(bin);
        assertThat(role.terminating()).isTrue();
        assertThat(role.paths().include("x")).isTrue();
        assertThat(bins.keysOf(bin)).contains(KEYS);
    }

    @Test
    void areNamedWithAsManyDigitsAsTheLast() {
        List<String> names = new HashBins("bin", 8, KEYS).names();
        assertThat(names).hasSize(256).startsWith("bin-00", "bin-01").endsWith("bin-ff");
        assertThatThrownBy(() -> new HashBins("bin", 17, KEYS).names())
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({"b-3ff, true", "b-400, false", "b-3FF, false", "b-3f, false", "c-3ff, false"})
    void knowTheirNames(String name, boolean known) {
        assertThat(new HashBins("b", 10, KEYS).keysOf(name).isPresent()).isEqualTo(known);
    }

    @ParameterizedTest
    @CsvSource({"0", "33"})
    void takeOneToThirtyTwoBits(int bits) {
        assertThatThrownBy(() -> new HashBins("b", bits, KEYS))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
