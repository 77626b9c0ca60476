package dev.modunest.samples.qrcode;

import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

import dev.modunest.samples.qrcode.api.QrCode;
import dev.modunest.samples.qrcode.api.QrCodes;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Map;

/** {@link QrCodes} by ZXing's encoder. */
final class ZxingCodes implements QrCodes {

    @Override
    public QrCode encode(String text, Correction correction) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("there is no code of empty text");
        }
        try {
            return code(
                    Encoder.encode(
                                    text,
                                    level(correction),
                                    Map.of(
                                            EncodeHintType.CHARACTER_SET,
                                            StandardCharsets.UTF_8.name()))
                            .getMatrix());
        } catch (WriterException tooLong) {
            throw new IllegalArgumentException(
                    "no code holds " + text.length() + " characters with " + correction, tooLong);
        }
    }

    private static ErrorCorrectionLevel level(Correction correction) {
        return switch (correction) {
            case PERCENT_7 -> ErrorCorrectionLevel.L;
            case PERCENT_15 -> ErrorCorrectionLevel.M;
            case PERCENT_25 -> ErrorCorrectionLevel.Q;
            case PERCENT_30 -> ErrorCorrectionLevel.H;
        };
    }

    private static QrCode code(ByteMatrix matrix) {
        int size = matrix.getWidth();
        BitSet dark = new BitSet(size * size);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                dark.set(y * size + x, matrix.get(x, y) == 1);
            }
        }
        return new QrCode(size, dark);
    }
}
