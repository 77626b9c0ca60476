package dev.modunest.samples.qrcode;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.samples.qrcode.api.QrCode;
import dev.modunest.samples.qrcode.api.QrCodes;

import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * Offers {@link QrCodes}, and an operator from text to its code in SVG. Text after a leading {@code
 * png:} comes as a {@code data:image/png} URI of 8 pixels a module.
 */
public final class QrCodePlugin implements Plugin {

    private static final String PNG = "png:";
    private static final int PNG_SCALE = 8;

    @Override
    public void start(PluginContext context) {
        QrCodes codes = new ZxingCodes();
        UnaryOperator<String> operator = request -> answer(codes, request);
        context.provide(QrCodes.class, codes);
        context.provide(UnaryOperator.class, operator);
    }

    private static String answer(QrCodes codes, String request) {
        if (!request.startsWith(PNG)) {
            return codes.encode(request, QrCodes.Correction.PERCENT_15).svg();
        }
        QrCode code = codes.encode(request.substring(PNG.length()), QrCodes.Correction.PERCENT_15);
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(code.png(PNG_SCALE));
    }
}
