package dev.modunest.db;

import dev.modunest.format.LookAlikes;

import org.jdbi.v3.core.Handle;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words of plugin names that somebody may have meant who wrote others. */
final class MeantWords {

    /** In shorter words one character is too much of a difference. */
    private static final int MIN_LENGTH = 4;

    private static final int MAX_WORDS = 8;
    private static final int MAX_CANDIDATES = 100;

    private final Handle handle;

    MeantWords(Handle handle) {
        this.handle = handle;
    }

    /**
     * A {@code tsquery} for every word or one that was meant by it; empty when no word may have
     * been meant otherwise.
     */
    Optional<String> query(List<String> words) {
        List<List<String>> meant =
                words.stream().map(word -> meantBy(word.toLowerCase(Locale.ROOT))).toList();
        if (meant.stream().allMatch(List::isEmpty)) {
            return Optional.empty();
        }
        return Optional.of(
                Stream.iterate(0, i -> i < words.size(), i -> i + 1)
                        .map(i -> anyOf(words.get(i), meant.get(i)))
                        .collect(Collectors.joining(" & ")));
    }

    private static String anyOf(String word, List<String> meant) {
        return Stream.concat(Stream.of(word), meant.stream())
                .map(one -> "'" + one + "'")
                .collect(Collectors.joining(" | ", "(", ")"));
    }

    /** Those one typing slip away; without such, those that share the most trigrams. */
    private List<String> meantBy(String word) {
        if (word.length() < MIN_LENGTH) {
            return List.of();
        }
        List<String> similar =
                handle.createQuery(
                                """
                                select word
                                from name_words
                                where (keys && slip_keys(:word) or word % :word) and word <> :word
                                order by similarity(word, :word) desc, word
                                limit :limit
                                """)
                        .bind("word", word)
                        .bind("limit", MAX_CANDIDATES)
                        .mapTo(String.class)
                        .list();
        List<String> slips =
                similar.stream().filter(one -> LookAlikes.isOneSlipApart(one, word)).toList();
        return (slips.isEmpty() ? similar : slips).stream().limit(MAX_WORDS).toList();
    }
}
