package dev.modunest.format.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.StrictJson;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OlpcJsonTest {

    @Test
    void sortsMembersAndEscapesOnlyQuotesAndBackslashes() {
        assertThat(
                        OlpcJson.bytes(
                                StrictJson.object(
                                        """
                                        {"b": [1, -2, true, false, null, {}], "a": "x\\n\\t\\"\\\\/\\u00e9",
                                         "\\ud83d\\ude00": 0, "\\uffee": 1, "B": ""}
                                        """)))
                .asString()
                .isEqualTo(
                        "{\"B\":\"\",\"a\":\"x\n\t\\\"\\\\/é\",\"b\":[1,-2,true,false,null,{}],"
                                + "\"\uffee\":1,\"\ud83d\ude00\":0}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": 1.5}",
                "{\"a\": 1.0}",
                "{\"a\": 1e2}",
                "{\"a\": 9007199254740992}",
                "{\"a\": -9007199254740992}",
                "{\"a\": 99999999999999999999}",
                "{\"a\": \"\\ud800\"}",
                "{\"a\\udc00\": 1}"
            })
    void hasNoFormForWhatReadersDifferOn(String json) {
        assertThatThrownBy(() -> OlpcJson.bytes(StrictJson.object(json)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
