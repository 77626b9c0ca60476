package dev.modunest.format.log;

import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of a tile of hashes or of entries (C2SP tlog-tiles).
 *
 * @param level of hashes, 0 to 63; {@link #ENTRIES} of entries
 * @param index of the tile in its level
 * @param width hashes or entries in it, 1 to 256
 */
public record TilePath(int level, long index, int width) {

    public static final int ENTRIES = -1;

    /** Hashes or entries of a full tile. */
    public static final int FULL = 256;

    /** Levels of the tree that a tile spans. */
    static final int HEIGHT = 8;

    private static final int MAX_LEVEL = 63;
    private static final Pattern PATH =
            Pattern.compile(
                    "tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public TilePath {
        if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException(
                    "no tile " + index + " of level " + level + " with width " + width);
        }
    }

    /**
     * The tile that has a complete node of a tree of {@code size} leaves, as wide as it is there.
     */
    static TilePath of(int level, long index, long size) {
        int tileLevel = level / HEIGHT;
        long first = index << (level % HEIGHT);
        long tile = first / FULL;
        long hashes = size >> (HEIGHT * tileLevel);
        return new TilePath(tileLevel, tile, (int) Math.min(FULL, hashes - tile * FULL));
    }

    /** Reads {@code tile/...}; empty when no tile has that path. */
    public static Optional<TilePath> parse(String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean entries = matcher.group(1).equals("entries");
        int level = entries ? ENTRIES : Integer.parseInt(matcher.group(1));
        long index = Long.parseLong(matcher.group(2).replaceAll("[x/]", ""));
        int width = matcher.group(3) == null ? FULL : Integer.parseInt(matcher.group(3));
        if (level > MAX_LEVEL || width > FULL) {
            return Optional.empty();
        }
        return Optional.of(new TilePath(level, index, width))
                .filter(tile -> tile.toString().equals(path));
    }

    public boolean isFull() {
        return width == FULL;
    }

    /** Bytes of a tile of hashes. */
    public int bytes() {
        return width * Hash.BYTES;
    }

    /** The path below the prefix of the log. */
    @Override
    public String toString() {
        ArrayList<String> groups = new ArrayList<>();
        long rest = index;
        groups.add(String.format("%03d", rest % 1000));
        while ((rest /= 1000) > 0) {
            groups.add(String.format("x%03d", rest % 1000));
        }
        return "tile/"
                + (level == ENTRIES ? "entries" : String.valueOf(level))
                + "/"
                + String.join("/", groups.reversed())
                + (isFull() ? "" : ".p/" + width);
    }
}
