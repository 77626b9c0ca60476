package dev.modunest.samples.thumbnail;

import dev.modunest.samples.thumbnail.api.Thumbnails;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Reads a picture after a look at its size, so that a small file cannot take all memory. */
final class PictureReader {

    private PictureReader() {}

    static BufferedImage read(byte[] picture) {
        try (ImageInputStream input =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(picture))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
            if (!readers.hasNext()) {
                throw new IllegalArgumentException(
                        picture.length + " bytes are no PNG, JPEG, GIF or BMP picture");
            }
            ImageReader reader = readers.next();
            try {
                return read(reader, input);
            } finally {
                reader.dispose();
            }
        } catch (IOException damaged) {
            throw new IllegalArgumentException(
                    "the picture is damaged: " + damaged.getMessage(), damaged);
        }
    }

    private static BufferedImage read(ImageReader reader, ImageInputStream input)
            throws IOException {
        reader.setInput(input, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > Thumbnails.MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "the picture has "
                            + pixels
                            + " pixels, at most "
                            + Thumbnails.MAX_PIXELS
                            + " are read");
        }
        return reader.read(0);
    }
}
