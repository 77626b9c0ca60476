package dev.modunest.db;

import dev.modunest.format.PluginId;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What somebody looks for.
 *
 * @param words parted as {@code word_text} of the schema parts them; none: nothing is found
 * @param id when the text is a plugin id
 */
public record SearchText(List<String> words, Optional<PluginId> id) {

    public static final int MAX_WORDS = 16;

    private static final Pattern PARTS = Pattern.compile("[!-/:-@\\[-`{-~\\s\\p{Z}]+");

    public SearchText {
        words = List.copyOf(words);
        if (words.size() > MAX_WORDS) {
            throw new IllegalArgumentException(
                    "a search has at most " + MAX_WORDS + " words, not " + words.size());
        }
    }

    public static SearchText parse(String text) {
        return new SearchText(
                PARTS.splitAsStream(text).filter(word -> !word.isEmpty()).toList(),
                PluginId.tryParse(text.strip().toLowerCase(Locale.ROOT)));
    }

    /** The words without anything between them, in the lower case of names. */
    String joined() {
        return String.join("", words).toLowerCase(Locale.ROOT);
    }
}
