package dev.shiplog.agent.containerd.image;

import dev.shiplog.agent.host.HostCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An image of this machine's BusyBox, such as Debian's package busybox-static brings: something to
 * run where no registry can be reached.
 */
public final class BusyboxImage {

  public static final String REFERENCE = "docker.io/library/busybox:stable";

  private static final Duration ASK = Duration.ofSeconds(10);

  private BusyboxImage() {}

  /**
   * Its contents, of this machine's architecture.
   *
   * @param reference name to give it
   * @param busybox the program
   * @throws IOException if it is not BusyBox, or needs libraries that the image would not hold
   */
  public static ImageContents of(String reference, Path busybox) throws IOException {
    if (ElfFile.needsInterpreter(busybox)) {
      throw new IOException(
          busybox + " is linked dynamically; Debian's package busybox-static has one that is not");
    }
    ImageContents.Builder image =
        ImageContents.named(reference, Architecture.ofThisHost())
            .file("bin/busybox", busybox, 0755)
            .directory("tmp", 01777)
            .directory("root", 0700)
            .text(
                "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n")
            .text("etc/group", "root:x:0:\nnogroup:x:65534:\n")
            .command("sh");
    applets(busybox).forEach(applet -> image.symlink("bin/" + applet, "busybox"));
    return image.build();
  }

  private static List<String> applets(Path busybox) throws IOException {
    HostCommand.Result list = HostCommand.run(ASK, List.of(busybox.toString(), "--list"));
    if (!list.succeeded()) {
      throw new IOException(busybox + " is not BusyBox: " + list.lastWords());
    }
    return list.output().lines().filter(applet -> !applet.equals("busybox")).toList();
  }
}
