package dev.modunest.samples.htmlclean.api;

import java.util.Locale;

/**
 * What stays in cleaned HTML. No policy lets scripts, styles, event handlers, forms, frames or
 * {@code javascript:} links through.
 *
 * @param elements which elements stay
 * @param images whether pictures by {@code http} and {@code https} stay
 * @param follow whether links are left without {@code rel="nofollow"}
 */
public record Policy(Elements elements, boolean images, boolean follow) {

    /** Sets of elements, each a superset of the one before. */
    public enum Elements {
        /** None: the text alone. */
        TEXT,
        /** Emphasis: b, em, i, strong, u. */
        INLINE,
        /** Paragraphs, lists, quotations, code and links. */
        COMMENT,
        /** Headings, tables and divisions too. */
        ARTICLE;

        /** Parses the lower-case name. */
        public static Elements parse(String text) {
            for (Elements each : values()) {
                if (each.label().equals(text)) {
                    return each;
                }
            }
            throw new IllegalArgumentException(
                    "'" + text + "' is not a policy: write text, inline, comment or article");
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For pages by known authors: articles with pictures, links followed. */
    public static final Policy ARTICLE = new Policy(Elements.ARTICLE, true, true);

    /** For what visitors write: no pictures, links not followed. */
    public static final Policy COMMENT = new Policy(Elements.COMMENT, false, false);
}
