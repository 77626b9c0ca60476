package dev.modunest.loader.cli;

import dev.modunest.loader.LoaderException;

import picocli.CommandLine;

import java.net.URI;
import java.net.URISyntaxException;

/** Faults of a command line as one message on standard error, with what to type next. */
public final class CommandFaults {

    private CommandFaults() {}

    /**
     * Makes {@code commandLine} and its subcommands report faults this way, those of addresses
     * before anything is sent there.
     */
    public static void handleOn(CommandLine commandLine) {
        commandLine.registerConverter(URI.class, CommandFaults::address);
        commandLine.setParameterExceptionHandler((fault, _) -> wrongUsage(fault));
        commandLine.setExecutionExceptionHandler((fault, command, _) -> failed(fault, command));
    }

    private static URI address(String text) {
        try {
            URI address = new URI(text);
            String scheme = address.getScheme();
            if (("http".equals(scheme) || "https".equals(scheme)) && address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException malformed) {
            throw noAddress(text);
        }
        throw noAddress(text);
    }

    private static CommandLine.TypeConversionException noAddress(String text) {
        return new CommandLine.TypeConversionException(
                "'" + text + "' is no address of a registry: write http://host:port");
    }

    private static int wrongUsage(CommandLine.ParameterException fault) {
        CommandLine command = fault.getCommandLine();
        command.getErr().println(fault.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(fault, command.getErr());
        command.getErr()
                .println(
                        "Type '"
                                + command.getCommandSpec().qualifiedName()
                                + " --help' to see what it takes.");
        command.getErr().flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception fault, CommandLine command) throws Exception {
        return switch (fault) {
            case LoaderException told ->
                    print(
                            told.code() + ": " + told.getMessage(),
                            command,
                            CommandLine.ExitCode.SOFTWARE);
            case UnsupportedOperationException wrongJvm ->
                    print(
                            String.valueOf(wrongJvm.getMessage()),
                            command,
                            CommandLine.ExitCode.USAGE);
            default -> throw fault;
        };
    }

    private static int print(String message, CommandLine command, int exitCode) {
        command.getErr().println(message);
        command.getErr().flush();
        return exitCode;
    }
}
