package dev.modunest.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.TreeSet;

final class NamedPurgeTest {

    @Property
    void aPrefixIsFoundWhereverAnyOfThemFits(
            @ForAll @Size(max = 8)
                    Set<@NotEmpty @StringLength(max = 4) @CharRange(from = 'a', to = 'c') String>
                            prefixes,
            @ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'c') String uri) {
        NamedPurge purge =
                new NamedPurge(Set.of(), new TreeSet<>(prefixes), Set.of(), Set.of(), false);
        assertThat(purge.names(uri)).isEqualTo(prefixes.stream().anyMatch(uri::startsWith));
    }

    @Test
    void tagsAreReadFromBothFieldsAndAllTheirLines() {
        MultiMap fields =
                MultiMap.caseInsensitiveMultiMap()
                        .add("Cache-Tag", "a, b b,,")
                        .add("cache-tag", "c")
                        .add("Surrogate-Key", " d  e");
        assertThat(CacheTags.of(Fields.of(fields)))
                .containsExactlyInAnyOrder("a", "b b", "c", "d", "e");
    }

    @Test
    void namesWeighWhatTheyTake() {
        NamedPurge purge =
                new NamedPurge(Set.of("/a"), new TreeSet<>(), Set.of("t"), Set.of(), false);
        assertThat(purge.weight()).isBetween(100L, 400L);
        assertThat(purge.isEmpty()).isFalse();
    }
}
