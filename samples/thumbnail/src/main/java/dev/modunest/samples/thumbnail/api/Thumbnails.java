package dev.modunest.samples.thumbnail.api;

/** Makes small pictures of large ones. Thread-safe. */
public interface Thumbnails {

    /** Most pixels of a picture that is read: 50 million. */
    long MAX_PIXELS = 50_000_000;

    /**
     * Shrinks a PNG, JPEG, GIF or BMP picture to fit {@code bounds}, keeping its proportions. A
     * picture that fits already keeps its size.
     *
     * @throws IllegalArgumentException when {@code picture} is none, damaged or of more than {@link
     *     #MAX_PIXELS}
     */
    Thumbnail shrink(byte[] picture, Bounds bounds, Format format);

    /**
     * The largest a thumbnail may be.
     *
     * @param width in pixels, 1 to 4096
     * @param height in pixels, 1 to 4096
     */
    record Bounds(int width, int height) {

        private static final int MAX = 4096;

        public Bounds {
            if (width < 1 || height < 1 || width > MAX || height > MAX) {
                throw new IllegalArgumentException(
                        width + "x" + height + " is no size of a thumbnail: 1x1 to 4096x4096");
            }
        }
    }

    /** What a thumbnail is written as. */
    enum Format {
        PNG("image/png"),
        JPEG("image/jpeg");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }
}
