package dev.modunest.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rules for entry names: one meaning on every system. */
final class EntryNames {

    static final int MAX_BYTES = 512;
    static final int MAX_SEGMENT_BYTES = 255;
    private static final int UTF8_FLAG = 1 << 11;
    private static final int SHOWN = 120;

    /** Characters that some file system or shell refuses or reinterprets. */
    private static final String FORBIDDEN = "\\:*?\"<>|";

    private static final Pattern DEVICE =
            Pattern.compile(
                    "(?i)(?:con|prn|aux|nul|conin\\$|conout\\$|(?:com|lpt)[0-9])(?:\\..*)?");

    private EntryNames() {}

    /** The name that {@code raw} is in UTF-8; empty when it is none. */
    static Optional<String> decode(byte[] raw) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString());
        } catch (CharacterCodingException malformed) {
            return Optional.empty();
        }
    }

    /** {@code text} as it can be shown: short, without control characters. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHOWN)
                .forEach(
                        c -> {
                            if (Character.isISOControl(c) || isInvisible(c)) {
                                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
                            } else {
                                shown.appendCodePoint(c);
                            }
                        });
        return text.length() > SHOWN ? shown + "..." : shown.toString();
    }

    /** Reports what is wrong with the name of one entry. */
    static void check(String name, byte[] raw, int flags, Findings findings) {
        String where = shown(name);
        if (name.startsWith("/") || (name.length() > 1 && name.charAt(1) == ':')) {
            findings.add(ArchiveCode.ABSOLUTE_PATH, where, "the name is an absolute path");
        }
        if (raw.length == 0 || raw.length > MAX_BYTES) {
            findings.add(
                    ArchiveCode.BAD_NAME,
                    where,
                    "the name has " + raw.length + " bytes; 1 to " + MAX_BYTES + " are allowed");
        }
        boolean ascii = name.length() == raw.length;
        if (!ascii && (flags & UTF8_FLAG) == 0) {
            findings.add(
                    ArchiveCode.BAD_NAME, where, "the name is not ASCII and not marked as UTF-8");
        }
        if (!ascii && !Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            findings.add(ArchiveCode.BAD_NAME, where, "the name is not in Unicode form NFC");
        }
        checkCharacters(name, where, findings);
        checkSegments(name, where, findings);
    }

    private static void checkCharacters(String name, String where, Findings findings) {
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            if (c < 0x20
                    || c == 0x7F
                    || FORBIDDEN.indexOf(c) >= 0
                    || (c > 0x7F && isInvisible(c))) {
                findings.add(
                        ArchiveCode.BAD_NAME,
                        where,
                        String.format(Locale.ROOT, "the name has the character U+%04X", c));
                return;
            }
            i += Character.charCount(c);
        }
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private static void checkSegments(String name, String where, Findings findings) {
        int from = name.startsWith("/") ? 1 : 0;
        int end = name.length();
        while (from < end) {
            int slash = name.indexOf('/', from);
            String segment = name.substring(from, slash < 0 ? end : slash);
            if (segment.equals(".") || segment.equals("..")) {
                findings.add(
                        ArchiveCode.PATH_TRAVERSAL, where, "the name has a segment " + segment);
            } else if (segment.isEmpty()) {
                findings.add(ArchiveCode.BAD_NAME, where, "the name has an empty segment");
            } else if (segment.endsWith(".") || segment.endsWith(" ")) {
                findings.add(
                        ArchiveCode.BAD_NAME, where, "a segment ends with a full stop or a blank");
            } else if (DEVICE.matcher(segment).matches()) {
                findings.add(ArchiveCode.BAD_NAME, where, segment + " is a device name on Windows");
            } else if (segment.length() * 3 > MAX_SEGMENT_BYTES
                    && segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT_BYTES) {
                findings.add(
                        ArchiveCode.BAD_NAME,
                        where,
                        "a segment has more than " + MAX_SEGMENT_BYTES + " bytes");
            }
            from = slash < 0 ? end : slash + 1;
        }
    }

    /** An entry under the name that it shares with others: NUL for the slash, which sorts first. */
    private record Place(String key, LocalEntry entry) {}

    /** Reports entries that are one file, or a file and a directory, on some system. */
    static void checkTogether(List<LocalEntry> entries, Findings findings) {
        List<Place> places = new ArrayList<>(entries.size());
        for (LocalEntry entry : entries) {
            places.add(new Place(key(entry.name), entry));
        }
        places.sort(
                Comparator.comparing(Place::key)
                        .thenComparing(place -> place.entry().isDirectory())
                        .thenComparingLong(place -> place.entry().offset));
        Place file = null;
        Place before = null;
        for (Place place : places) {
            String where = shown(place.entry().name);
            if (before != null && before.key().equals(place.key())) {
                findings.add(collision(before.entry(), place.entry()), where, clash(before));
            } else if (file != null && isInside(place, file)) {
                findings.add(ArchiveCode.FILE_DIRECTORY_CONFLICT, where, clash(file));
            }
            if (!place.entry().isDirectory()) {
                file = place;
            }
            before = place;
        }
    }

    private static ArchiveCode collision(LocalEntry one, LocalEntry other) {
        if (one.isDirectory() != other.isDirectory()) {
            return ArchiveCode.FILE_DIRECTORY_CONFLICT;
        }
        return one.name.equals(other.name)
                ? ArchiveCode.DUPLICATE_ENTRY
                : ArchiveCode.NAME_COLLISION;
    }

    private static String clash(Place other) {
        return "the archive also has the entry " + shown(other.entry().name);
    }

    private static boolean isInside(Place place, Place file) {
        return place.key().length() > file.key().length()
                && place.key().charAt(file.key().length()) == 0
                && place.key().startsWith(file.key());
    }

    private static String key(String name) {
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        String folded = path.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFC).replace('/', '\0');
    }
}
