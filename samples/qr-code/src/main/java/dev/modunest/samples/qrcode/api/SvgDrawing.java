package dev.modunest.samples.qrcode.api;

/** A code as SVG 1.1: one path, a rectangle for each run of dark modules in a row. */
final class SvgDrawing {

    private SvgDrawing() {}

    static String of(QrCode code) {
        int side = code.size() + 2 * QrCode.QUIET_ZONE;
        return """
               <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d" shape-rendering="crispEdges">\
               <rect width="%1$d" height="%1$d" fill="#fff"/><path d="%2$s"/></svg>"""
                .formatted(side, path(code));
    }

    private static String path(QrCode code) {
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size(); y++) {
            for (int x = 0; x < code.size(); x++) {
                int run = run(code, x, y);
                if (run > 0) {
                    path.append('M').append(x + QrCode.QUIET_ZONE).append(' ');
                    path.append(y + QrCode.QUIET_ZONE).append('h').append(run).append("v1h-");
                    path.append(run).append('z');
                    x += run;
                }
            }
        }
        return path.toString();
    }

    private static int run(QrCode code, int from, int y) {
        int x = from;
        while (code.isDark(x, y)) {
            x++;
        }
        return x - from;
    }
}
