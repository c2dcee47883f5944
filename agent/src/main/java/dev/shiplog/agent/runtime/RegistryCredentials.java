package dev.shiplog.agent.runtime;

/**
 * How to log in to a registry.
 *
 * @param username empty if a token is given
 * @param password secret
 * @param server host, and port if any, they are for
 * @param identityToken an OAuth refresh token instead of a password, or empty
 */
public record RegistryCredentials(
    String username, String password, String server, String identityToken) {

  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "RegistryCredentials[" + username + "@" + server + "]";
  }
}
