package dev.modunest.samples.htmlclean.api;

import java.util.List;

/**
 * HTML that holds nothing but what its policy allows.
 *
 * @param removed the names of the elements of which at least one was removed, sorted
 */
public record CleanHtml(String html, List<String> removed) {

    public CleanHtml {
        removed = List.copyOf(removed);
    }
}
