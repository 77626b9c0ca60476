package dev.modunest.samples.qrcode.api;

import java.util.BitSet;

/**
 * The modules of a code, row by row, without the quiet zone.
 *
 * @param size modules a side
 * @param dark the dark modules: bit {@code y * size + x}
 */
public record QrCode(int size, BitSet dark) {

    /** Light modules that a drawing leaves on each side (ISO/IEC 18004, 6.3.8). */
    public static final int QUIET_ZONE = 4;

    public QrCode {
        if (size < 21 || dark.length() > size * size) {
            throw new IllegalArgumentException(
                    "no code has " + size + " modules a side and " + dark.length() + " bits");
        }
        dark = (BitSet) dark.clone();
    }

    @Override
    public BitSet dark() {
        return (BitSet) dark.clone();
    }

    /** Whether the module is dark; those outside are light. */
    public boolean isDark(int x, int y) {
        return x >= 0 && y >= 0 && x < size && y < size && dark.get(y * size + x);
    }

    /** A scalable drawing, one unit a module, quiet zone included. */
    public String svg() {
        return SvgDrawing.of(this);
    }

    /**
     * A black and white picture, quiet zone included.
     *
     * @param scale pixels a module, 1 to 40
     */
    public byte[] png(int scale) {
        return PngDrawing.of(this, scale);
    }
}
