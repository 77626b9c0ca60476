package dev.modunest.samples.thumbnail;

import dev.modunest.samples.thumbnail.api.Thumbnail;
import dev.modunest.samples.thumbnail.api.Thumbnails;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

import javax.imageio.ImageIO;

/** {@link Thumbnails} by Thumbnailator, without a display. */
final class ThumbnailatorThumbnails implements Thumbnails {

    @Override
    public Thumbnail shrink(byte[] picture, Bounds bounds, Format format) {
        BufferedImage source = PictureReader.read(picture);
        try {
            BufferedImage small = builder(source, bounds, format).asBufferedImage();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(small, format.name().toLowerCase(Locale.ROOT), bytes);
            return new Thumbnail(small.getWidth(), small.getHeight(), format, bytes.toByteArray());
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
    }

    private static net.coobird.thumbnailator.Thumbnails.Builder<BufferedImage> builder(
            BufferedImage source, Bounds bounds, Format format) {
        int width = Math.min(bounds.width(), source.getWidth());
        int height = Math.min(bounds.height(), source.getHeight());
        int type =
                switch (format) {
                    case PNG -> BufferedImage.TYPE_INT_ARGB;
                    case JPEG -> BufferedImage.TYPE_INT_RGB;
                };
        return net.coobird.thumbnailator.Thumbnails.of(source).size(width, height).imageType(type);
    }
}
