package dev.modunest.loader.cli;

import dev.modunest.format.resolve.Requirement;

import picocli.CommandLine;

import java.util.List;

/** Requirements as they are typed. */
final class Requirements {

    private Requirements() {}

    /**
     * @throws CommandLine.ParameterException when one cannot be read
     */
    static List<Requirement> parse(List<String> texts, CommandLine command) {
        return texts.stream().map(text -> parse(text, command)).toList();
    }

    private static Requirement parse(String text, CommandLine command) {
        try {
            return Requirement.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new CommandLine.ParameterException(command, wrong.getMessage(), wrong);
        }
    }
}
