package dev.modunest.samples.csvquery;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.samples.csvquery.api.CsvQueries;
import dev.modunest.samples.csvquery.api.Table;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Offers {@link CsvQueries}, and an operator from a query on the first line and CSV on the rest to
 * the answer as CSV.
 */
public final class CsvQueryPlugin implements Plugin {

    @Override
    public void start(PluginContext context) {
        CsvQueries queries = new CsvEngine();
        UnaryOperator<String> operator = request -> answer(queries, request);
        context.provide(CsvQueries.class, queries);
        context.provide(UnaryOperator.class, operator);
    }

    private static String answer(CsvQueries queries, String request) {
        int line = request.indexOf('\n');
        if (line < 0) {
            throw new IllegalArgumentException(
                    "write a query on the first line and CSV on those after it");
        }
        return print(
                queries.run(
                        request.substring(0, line), new StringReader(request.substring(line + 1))));
    }

    private static String print(Table table) {
        StringBuilder csv = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(csv, CSVFormat.RFC4180)) {
            printer.printRecord(table.columns());
            for (List<String> row : table.rows()) {
                printer.printRecord(row);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return csv.toString();
    }
}
