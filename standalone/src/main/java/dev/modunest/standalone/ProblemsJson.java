package dev.modunest.standalone;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.ArchiveProblem;

import java.util.List;

/** The problems of an archive, as {@code inspect --json} and {@code publish --json} write them. */
final class ProblemsJson {

    private ProblemsJson() {}

    static void write(List<ArchiveProblem> problems, ObjectNode line) {
        ArrayNode list = line.putArray("problems");
        problems.forEach(
                problem ->
                        list.addObject()
                                .put("code", problem.code())
                                .put("where", problem.where())
                                .put("detail", problem.detail())
                                .put("fix", problem.fix()));
    }
}
