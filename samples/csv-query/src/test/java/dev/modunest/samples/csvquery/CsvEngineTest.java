package dev.modunest.samples.csvquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.csvquery.api.QueryException;
import dev.modunest.samples.csvquery.api.Table;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;

class CsvEngineTest {

    private static final String SALES =
            """
            city,product,amount,unit price
            Paris,"tea, green",10,2.50
            Rome,coffee,9,3
            Paris,coffee,100,3

            Oslo,tea,,2
            """;

    private final CsvEngine engine = new CsvEngine();

    private Table run(String query) {
        return engine.run(query, new StringReader(SALES));
    }

    @Test
    void selectsAllColumnsAndReadsQuotedValues() {
        Table table = run("select *");

        assertThat(table.columns()).containsExactly("city", "product", "amount", "unit price");
        assertThat(table.rows()).hasSize(4).contains(List.of("Paris", "tea, green", "10", "2.50"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "amount > 9 | 10 100",
                "amount >= 9 | 10 9 100",
                "amount < 10 | 9",
                "amount <= '10' | 10 9",
                "amount = 9.0 | 9",
                "amount != 9 and city = Paris | 10 100",
                "product contains tea and amount = 10 | 10",
                "'unit price' = 2.5 | 10",
                "product = 'tea, green' | 10",
                "city = 'it''s' | ``",
            })
    void keepsTheRowsThatMatch(String condition, String amounts) {
        Table table = run("select amount where " + condition);

        assertThat(String.join(" ", table.rows().stream().map(List::getFirst).toList()))
                .isEqualTo(amounts);
    }

    @Test
    void sortsNumbersByValueBeforeText() {
        assertThat(run("SELECT amount ORDER BY amount").rows())
                .containsExactly(List.of("9"), List.of("10"), List.of("100"), List.of(""));
        assertThat(run("select city order by city desc limit 2").rows())
                .containsExactly(List.of("Rome"), List.of("Paris"));
    }

    @Test
    void groupsAndAggregates() {
        Table table =
                run(
                        "select city, count(*), sum(amount), avg(amount), min(product), max('unit price')"
                                + " group by city order by sum(amount) desc");

        assertThat(table.columns())
                .containsExactly(
                        "city",
                        "count(*)",
                        "sum(amount)",
                        "avg(amount)",
                        "min(product)",
                        "max(unit price)");
        assertThat(table.rows())
                .containsExactly(
                        List.of("Paris", "2", "110", "55", "coffee", "3"),
                        List.of("Rome", "1", "9", "9", "coffee", "3"),
                        List.of("Oslo", "1", "0", "", "tea", "2"));
    }

    @Test
    void aggregatesAllRowsWithoutGroups() {
        assertThat(run("select count(*), avg(amount)").rows())
                .containsExactly(List.of("4", "39.66666666666667"));
        assertThat(run("select count(*), min(amount), max(amount) where city = Nowhere").rows())
                .containsExactly(List.of("0", "", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "delete | 'select' is expected at 1 of the query, not 'delete'",
                "select | a column is expected at 7 of the query, not the end",
                "select a, , b | a column is expected at 11 of the query, not ','",
                "select city where amount 9"
                        + " | =, !=, <, <=, >, >= or contains is expected at 26 of the query, not '9'",
                "select city extra"
                        + " | 'where', 'group by', 'order by', 'limit' or the end is expected at",
                "select town | there is no column 'town', there are city, product, amount, unit price",
                "select city where town = 1 | there is no column 'town'",
                "select median(amount) | 'median' is not count, sum, avg, min or max",
                "select sum(product) | sum(product) meets 'tea, green' in record 1, which is no number",
                "select * group by city | name the columns to select: * does not go with 'group by'",
                "select city, product group by city | 'product' differs within a group",
                "select city, count(*) | 'city' differs within a group: add it to 'group by'",
                "select city order by amount | select 'amount' too, so that it can be ordered by",
                "select city limit many | the limit is a number, not 'many'",
                "select city limit 2000000 | the limit is 0 to 1000000, not 2000000",
                "select city; | ';' at 12 is not understood",
            })
    void saysWhatIsWrongWithAQuery(String query, String message) {
        assertThatThrownBy(() -> run(query))
                .isInstanceOf(QueryException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesAnOverlongQuery() {
        assertThatThrownBy(() -> run("select " + "a".repeat(10_000)))
                .hasMessage("a query has at most 10000 characters, not 10007");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,b~1| record 1 of the CSV has 1 values, its header has 2",
                "a,b~\"1| the CSV is malformed: ",
                "a,a~1,2| the CSV is malformed: ",
            })
    void refusesMalformedCsv(String csv, String message) {
        assertThatThrownBy(() -> engine.run("select *", new StringReader(csv.replace('~', '\n'))))
                .isInstanceOf(QueryException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void passesOnThatTheCsvCannotBeRead() {
        assertThatThrownBy(() -> engine.run("select *", new BrokenReader()))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("the disk is gone");
    }

    @Test
    void refusesATableWithAnUnevenRow() {
        assertThatThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of("1"))))
                .hasMessage("1 values in a row of 2 columns");
    }

    private static final class BrokenReader extends Reader {

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            throw new IOException("the disk is gone");
        }

        @Override
        public void close() {}
    }
}
