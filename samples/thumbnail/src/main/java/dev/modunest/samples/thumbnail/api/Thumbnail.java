package dev.modunest.samples.thumbnail.api;

import java.util.Base64;

/** A small picture; its bytes are the caller's to use, not to change. */
public final class Thumbnail {

    private final int width;
    private final int height;
    private final Thumbnails.Format format;
    private final byte[] bytes;

    public Thumbnail(int width, int height, Thumbnails.Format format, byte[] bytes) {
        this.width = width;
        this.height = height;
        this.format = format;
        this.bytes = bytes.clone();
    }

    /** In pixels. */
    public int width() {
        return width;
    }

    /** In pixels. */
    public int height() {
        return height;
    }

    public Thumbnails.Format format() {
        return format;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** The picture as a {@code data:} URI (RFC 2397). */
    public String dataUri() {
        return "data:"
                + format.mediaType()
                + ";base64,"
                + Base64.getEncoder().encodeToString(bytes);
    }
}
