package dev.modunest.standalone;

import java.util.List;

/**
 * What the demo asks a sample, {@code docs/samples.md}.
 *
 * @param expected stands somewhere in the answer
 */
record SampleCall(String plugin, String input, String expected) {

    /** A red square of 8 x 8 pixels. */
    private static final String PNG =
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mN4YGCAFTEMLQkAbplQAYqyLckAAAAASUVORK5CYII=";

    static final List<SampleCall> ALL =
            List.of(
                    new SampleCall(
                            "samples/markdown",
                            "# Hello *host* <script>alert(1)</script>",
                            "<h1>Hello <em>host</em>"),
                    new SampleCall(
                            "samples/html-clean",
                            "<p onclick='steal()'>Safe <b>text</b></p><script>bad()</script>",
                            "<p>Safe <b>text</b></p>"),
                    new SampleCall(
                            "samples/csv-query",
                            """
                            select city, sum(amount) group by city order by sum(amount) desc
                            city,amount
                            Rome,1
                            Oslo,3
                            Rome,4
                            """,
                            "Rome,5"),
                    new SampleCall(
                            "samples/full-text-search",
                            """
                            fox*
                            Hare: runs from the fox
                            Fox: foxes are clever
                            Bear: sleeps
                            """,
                            "Fox: foxes are clever"),
                    new SampleCall(
                            "samples/site-search",
                            """
                            tea
                            # Tea
                            *Green* tea is steamed.
                            ---
                            # Coffee
                            Coffee is roasted.
                            """,
                            "<em>Green</em> tea"),
                    new SampleCall("samples/qr-code", "https://modunest.dev", "<svg"),
                    new SampleCall("samples/thumbnail", "4x4 " + PNG, "data:image/png;base64,"));
}
