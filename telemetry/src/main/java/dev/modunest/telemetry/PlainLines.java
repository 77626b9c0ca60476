package dev.modunest.telemetry;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;

/** Lines for a terminal, secrets masked. */
final class PlainLines extends PatternLayout {

    private static final String PATTERN =
            "%d{HH:mm:ss.SSS} %-5level %logger{24} %msg%replace( %kvp{NONE}){' $', ''}"
                    + "%replace( [%X{request_id}]){' \\[\\]', ''}%n";

    static Encoder<ILoggingEvent> encoder(Context context) {
        PlainLines lines = new PlainLines();
        lines.setContext(context);
        lines.setPattern(PATTERN);
        lines.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setLayout(lines);
        return encoder;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        return Secrets.masked(super.doLayout(event));
    }
}
