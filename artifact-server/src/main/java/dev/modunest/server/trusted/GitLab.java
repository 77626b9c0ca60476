package dev.modunest.server.trusted;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.server.body.JsonBody;
import dev.modunest.server.oidc.Claims;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** GitLab CI. The ids are those of the project and its namespace; the workflow is its CI file. */
record GitLab(URI issuer) implements CiProvider {

    private static final Pattern WORKFLOW = Pattern.compile("[A-Za-z0-9._/-]{1,200}\\.ya?ml");
    private static final Set<String> KNOWN =
            Set.of("project_id", "namespace_id", "workflow", "environment");

    @Override
    public String name() {
        return "gitlab";
    }

    @Override
    public Optional<String> audience() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> read(JsonNode claims) {
        JsonBody.requireKnown(claims, KNOWN);
        Map<String, String> read = new TreeMap<>();
        read.put("project_id", ClaimReader.id(claims, "project_id"));
        read.put("namespace_id", ClaimReader.id(claims, "namespace_id"));
        String workflow = JsonBody.line(claims, "workflow", ClaimReader.MAX_VALUE);
        if (!WORKFLOW.matcher(workflow).matches()) {
            throw JsonBody.invalid("workflow is the path of a CI file, as in .gitlab-ci.yml");
        }
        read.put("workflow", workflow);
        ClaimReader.environment(claims, read);
        return read;
    }

    /** {@code ci_config_ref_uri} is {@code <host>/<project path>//<file>@<ref>}. */
    @Override
    public Map<String, String> facts(Claims token) {
        Map<String, String> facts =
                ClaimReader.texts(token, List.of("project_id", "namespace_id", "environment"));
        token.text("project_path")
                .flatMap(
                        path ->
                                ClaimReader.file(
                                        token.text("ci_config_ref_uri"),
                                        issuer.getRawAuthority() + "/" + path + "//"))
                .ifPresent(file -> facts.put("workflow", file));
        return facts;
    }

    @Override
    public CiOrigin origin(Claims token) {
        return new CiOrigin(
                token.text("ci_config_ref_uri").map(uri -> issuer.getScheme() + "://" + uri),
                token.text("project_path").map(path -> issuer + "/" + path),
                ClaimReader.text(token, "project_id"));
    }
}
