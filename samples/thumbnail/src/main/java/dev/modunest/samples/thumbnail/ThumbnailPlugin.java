package dev.modunest.samples.thumbnail;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.samples.thumbnail.api.Thumbnails;

import java.util.Base64;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Offers {@link Thumbnails}, and an operator from {@code <width>x<height>
 * data:image/...;base64,...} to a {@code data:image/png} URI of the picture at most so large.
 */
public final class ThumbnailPlugin implements Plugin {

    private static final Pattern REQUEST =
            Pattern.compile("(\\d{1,4})x(\\d{1,4})\\s+data:image/[a-z]+;base64,(\\S+)\\s*");

    @Override
    public void start(PluginContext context) {
        Thumbnails thumbnails = new ThumbnailatorThumbnails();
        UnaryOperator<String> operator = request -> answer(thumbnails, request);
        context.provide(Thumbnails.class, thumbnails);
        context.provide(UnaryOperator.class, operator);
    }

    private static String answer(Thumbnails thumbnails, String request) {
        Matcher matcher = REQUEST.matcher(request);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "write <width>x<height> data:image/png;base64,<picture>");
        }
        Thumbnails.Bounds bounds =
                new Thumbnails.Bounds(
                        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        byte[] picture = Base64.getDecoder().decode(matcher.group(3));
        return thumbnails.shrink(picture, bounds, Thumbnails.Format.PNG).dataUri();
    }
}
