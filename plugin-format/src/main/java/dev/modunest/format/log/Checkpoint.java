package dev.modunest.format.log;

import java.util.List;

/**
 * The head of a log (C2SP tlog-checkpoint): which log, how many leaves, and the hash over them.
 *
 * @param origin the name of the log
 * @param size leaves
 * @param extensions lines after the root, usually none
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {

    private static final int MAX_ORIGIN = 255;

    public Checkpoint {
        if (origin.isEmpty() || origin.length() > MAX_ORIGIN || origin.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("an origin is one line of 1 to 255 characters");
        }
        if (size < 0) {
            throw new IllegalArgumentException("no log has " + size + " leaves");
        }
        for (String line : extensions) {
            if (line.isEmpty() || line.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("an extension is one line that is not empty");
            }
        }
        extensions = List.copyOf(extensions);
    }

    public Checkpoint(String origin, long size, Hash root) {
        this(origin, size, root, List.of());
    }

    /**
     * Reads the text of a note.
     *
     * @throws IllegalArgumentException when it is no checkpoint
     */
    public static Checkpoint parse(String text) {
        List<String> lines = List.of(text.split("\n", -1));
        if (lines.size() < 4 || !lines.getLast().isEmpty()) {
            throw new IllegalArgumentException("a checkpoint has lines for origin, size and root");
        }
        Hash root =
                Hash.parse(lines.get(2))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "the root of a checkpoint is base64 of 32 bytes"));
        return new Checkpoint(
                lines.get(0),
                Decimal.parse(lines.get(1)),
                root,
                lines.subList(3, lines.size() - 1));
    }

    /** What is signed. */
    public String text() {
        StringBuilder text = new StringBuilder(origin + "\n" + size + "\n" + root.base64() + "\n");
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
