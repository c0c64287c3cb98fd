package org.fwreplay.host;

/**
 * A host dump that cannot be used. The message names the file and, for bad JSON, line and column.
 */
public final class HostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public HostException(String message) {
    super(message);
  }

  public HostException(String message, Throwable cause) {
    super(message, cause);
  }
}
