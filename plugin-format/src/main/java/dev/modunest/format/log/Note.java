package dev.modunest.format.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Text with signature lines (C2SP signed-note).
 *
 * @param text what is signed, with its last newline
 * @param lines the signatures, at least one
 */
public record Note(String text, List<Line> lines) {

    /** Room for 16 signatures of ML-DSA-44. */
    public static final int MAX_BYTES = 64 << 10;

    private static final int MAX_LINES = 32;
    private static final int ID_BYTES = 4;
    private static final String DASH = "\u2014 ";

    public Note {
        if (!text.endsWith("\n") || text.chars().anyMatch(Note::isControl)) {
            throw new IllegalArgumentException(
                    "the text of a note ends in a newline and has no other control characters");
        }
        if (lines.isEmpty() || lines.size() > MAX_LINES) {
            throw new IllegalArgumentException(
                    "a note has 1 to " + MAX_LINES + " signatures, not " + lines.size());
        }
        lines = List.copyOf(lines);
    }

    /**
     * One signature.
     *
     * @param name of the key
     * @param base64 of the key's id in four bytes, which with the name says which key, and the
     *     signature
     */
    public record Line(String name, String base64) {

        public Line {
            checkName(name);
            if (CanonicalBase64.decode(base64).filter(all -> all.length > ID_BYTES).isEmpty()) {
                throw new IllegalArgumentException("a signature is base64 of a key id and more");
            }
        }

        static Line of(NoteKey key, byte[] signature) {
            byte[] all =
                    ByteBuffer.allocate(ID_BYTES + signature.length)
                            .putInt(key.id())
                            .put(signature)
                            .array();
            return new Line(key.name(), Base64.getEncoder().encodeToString(all));
        }

        public int keyId() {
            return all().getInt();
        }

        /** The signature, as the kind of the key has it. */
        public byte[] signature() {
            byte[] signature = new byte[all().remaining() - ID_BYTES];
            all().position(ID_BYTES).get(signature);
            return signature;
        }

        private ByteBuffer all() {
            return ByteBuffer.wrap(Base64.getDecoder().decode(base64));
        }

        /** The line as it stands in a note, with its newline. */
        public String text() {
            return DASH + name + " " + base64 + "\n";
        }

        /**
         * Reads a line without its newline.
         *
         * @throws IllegalArgumentException when it is none
         */
        public static Line parse(String line) {
            String[] words = line.split(" ", -1);
            if (!line.startsWith(DASH) || words.length != 3) {
                throw new IllegalArgumentException("a signature line is: dash, name, base64");
            }
            return new Line(words[1], words[2]);
        }
    }

    /** Throws IllegalArgumentException for what no key is called. */
    static void checkName(String name) {
        if (name.isEmpty()
                || name.indexOf('+') >= 0
                || name.codePoints().anyMatch(Note::isSpaceOrControl)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name of a key: no blanks, no plus, not empty");
        }
    }

    private static boolean isSpaceOrControl(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character);
    }

    private static boolean isControl(int character) {
        return character < ' ' && character != '\n';
    }

    /**
     * Reads a note.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Note parse(byte[] utf8) {
        if (utf8.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a note has at most " + MAX_BYTES + " bytes, not " + utf8.length);
        }
        try {
            return parse(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException garbled) {
            throw new IllegalArgumentException("a note is UTF-8", garbled);
        }
    }

    /** The same of text. */
    public static Note parse(String note) {
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n") || note.length() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a note is text, a blank line and signature lines, each with a newline");
        }
        List<Line> lines = new ArrayList<>();
        for (String line : note.substring(blank + 2).split("\n", MAX_LINES + 2)) {
            if (!line.isEmpty() || lines.isEmpty()) {
                lines.add(Line.parse(line));
            }
        }
        return new Note(note.substring(0, blank + 1), lines);
    }

    /** This note with more signatures. */
    public Note with(List<Line> more) {
        List<Line> all = new ArrayList<>(lines);
        all.addAll(more);
        return new Note(text, all);
    }

    /** The note as it is served. */
    @Override
    public String toString() {
        return text + "\n" + lines.stream().map(Line::text).collect(Collectors.joining());
    }
}
