package dev.shiplog.standalone.cli;

import picocli.CommandLine.IVersionProvider;

/** Tells the version the jar was built as. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"shiplog " + (version == null ? "(unpackaged)" : version)};
  }
}
