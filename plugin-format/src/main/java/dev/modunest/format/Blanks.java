package dev.modunest.format;

/** The blanks of ECMAScript ({@code \s}), which npm's grammar means by white space. */
final class Blanks {

    private Blanks() {}

    static boolean isBlank(char c) {
        if (c < 0x80) {
            return c == ' ' || (c >= '\t' && c <= '\r');
        }
        return c == 0xFEFF
                || c == 0x2028
                || c == 0x2029
                || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    /** {@code text} without the blanks around it. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** {@code text} trimmed, every run of blanks replaced by one space. */
    static String collapse(String text) {
        String trimmed = trim(text);
        StringBuilder collapsed = new StringBuilder(trimmed.length());
        boolean inRun = false;
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            boolean blank = isBlank(c);
            if (!blank) {
                collapsed.append(c);
            } else if (!inRun) {
                collapsed.append(' ');
            }
            inRun = blank;
        }
        return collapsed.toString();
    }
}
