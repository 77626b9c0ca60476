package dev.modunest.loader.cli;

import dev.modunest.loader.LoaderException;

import picocli.CommandLine;

/** Faults of a command line as one message on standard error, with what to type next. */
public final class CommandFaults {

    private CommandFaults() {}

    /** Makes {@code commandLine} and its subcommands report faults this way. */
    public static void handleOn(CommandLine commandLine) {
        commandLine.setParameterExceptionHandler((fault, _) -> wrongUsage(fault));
        commandLine.setExecutionExceptionHandler((fault, command, _) -> failed(fault, command));
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
