package dev.modunest.samples.htmlclean.api;

/** Makes HTML from strangers safe to show. Thread-safe. */
public interface HtmlCleaner {

    /**
     * Parses {@code html} as a browser would parse a body, and keeps what {@code policy} allows.
     */
    CleanHtml clean(String html, Policy policy);
}
