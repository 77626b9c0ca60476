package dev.modunest.samples.qrcode.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A code as PNG (ISO/IEC 15948): greyscale of one bit, no filter, one IDAT chunk. */
final class PngDrawing {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int MAX_SCALE = 40;

    private PngDrawing() {}

    static byte[] of(QrCode code, int scale) {
        if (scale < 1 || scale > MAX_SCALE) {
            throw new IllegalArgumentException(
                    "a module takes 1 to " + MAX_SCALE + " pixels, not " + scale);
        }
        int side = (code.size() + 2 * QrCode.QUIET_ZONE) * scale;
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        chunk(png, "IHDR", header(side));
        chunk(png, "IDAT", deflate(pixels(code, scale, side)));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static byte[] header(int side) {
        byte bitDepth = 1;
        return ByteBuffer.allocate(13).putInt(side).putInt(side).put(bitDepth).array();
    }

    /** Rows of a filter byte (0: none) and a bit a pixel, 1 for white. */
    private static byte[] pixels(QrCode code, int scale, int side) {
        int rowLength = 1 + (side + 7) / 8;
        byte[] pixels = new byte[rowLength * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                if (!code.isDark(x / scale - QrCode.QUIET_ZONE, y / scale - QrCode.QUIET_ZONE)) {
                    pixels[y * rowLength + 1 + x / 8] |= (byte) (0x80 >> (x % 8));
                }
            }
        }
        return pixels;
    }

    private static byte[] deflate(byte[] pixels) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(pixels);
            deflater.finish();
            byte[] buffer = new byte[4096];
            while (!deflater.finished()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
        }
        return packed.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(name);
        png.writeBytes(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
