package dev.shiplog.standalone.cli;

import dev.shiplog.agent.containerd.host.ContainerdException;
import dev.shiplog.agent.containerd.host.ContainerdHost;
import dev.shiplog.agent.containerd.image.ImageImporter;
import dev.shiplog.standalone.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The images of a cluster's node. */
@Command(
    name = "image",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Bring images to the node of a cluster, without a registry.")
final class ImageCommand {

  @Spec private CommandSpec spec;

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Import archives of images, as 'docker save' writes them.")
  int importArchives(
      @Mixin DataDirectoryOption data,
      @Parameters(paramLabel = "FILE", arity = "1..*", description = "An archive.")
          List<Path> archives) {
    try {
      ImageImporter importer = ContainerdHost.images(data.directory().containerd());
      for (Path archive : archives) {
        importer
            .importArchive(archive.toAbsolutePath())
            .forEach(name -> spec.commandLine().getOut().println("imported " + name));
      }
      return 0;
    } catch (ContainerdException | IOException e) {
      throw new StartFailure(e.getMessage());
    }
  }
}
