package dev.modunest.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditChain;
import dev.modunest.db.AuditFault;
import dev.modunest.db.AuditHead;
import dev.modunest.db.AuditVerification;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An export of the audit in a file, read line by line: twice, first for what retention took. */
final class AuditFile {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Path file;
    private final long lines;
    private final Optional<ObjectNode> newestExpiry;

    /** Throws {@link StandaloneException} for a line that is no entry. */
    AuditFile(Path file) throws IOException {
        this.file = file;
        Optional<ObjectNode> expiry = Optional.empty();
        long count = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                count++;
                ObjectNode entry = parse(line, count);
                if (AuditChain.isExpiry(entry)) {
                    expiry = Optional.of(entry);
                }
            }
        }
        this.lines = count;
        this.newestExpiry = expiry;
    }

    private ObjectNode parse(String line, long number) {
        try {
            JsonNode document = JSON.readTree(line);
            if (AuditChain.isEntry(document) && document instanceof ObjectNode entry) {
                return entry;
            }
        } catch (JsonProcessingException malformed) {
            throw noEntry(number, malformed);
        }
        throw noEntry(number, new IllegalArgumentException("sequence and hashes are missing"));
    }

    private StandaloneException noEntry(long number, Exception cause) {
        return new StandaloneException(
                "line " + number + " of " + file + " is no entry of an export", cause);
    }

    long lines() {
        return lines;
    }

    AuditVerification.Report verify(Optional<AuditHead> noted, Runnable progress)
            throws IOException {
        AuditChain chain = new AuditChain(newestExpiry, noted, false);
        Optional<AuditFault> fault = Optional.empty();
        long number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine();
                    line != null && fault.isEmpty();
                    line = reader.readLine()) {
                fault = chain.add(parse(line, ++number));
                progress.run();
            }
        }
        return AuditVerification.Report.of(chain, fault.or(() -> chain.finish(Optional.empty())));
    }
}
