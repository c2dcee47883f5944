package dev.shiplog.agent.containerd.image;

import java.io.IOException;
import java.nio.file.Path;

/** The image every sandbox is made from. */
public final class PauseImage {

  public static final String REFERENCE = "shiplog.dev/pause:1";

  private PauseImage() {}

  /** Writes it as an archive. */
  public static void write(Architecture architecture, Path tar) throws IOException {
    ImageContents contents =
        ImageContents.named(REFERENCE, architecture)
            .file("pause", PauseProgram.of(architecture), 0755)
            .entrypoint("/pause")
            .build();
    DockerArchive.write(contents, tar);
  }
}
