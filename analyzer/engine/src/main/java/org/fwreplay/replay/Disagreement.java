package org.fwreplay.replay;

/**
 * A kind of difference between what left in the captures and what the run had leave.
 *
 * @param kind which way it is
 * @param detail the first field that differs, or what the run did with the frame; empty for none
 * @param ipv6 the family of the rule
 * @param place place of the rule that decided in the run, -1 for none
 * @param frames how many
 * @param first the first of them
 */
public record Disagreement(
    Kind kind, String detail, boolean ipv6, int place, long frames, Example first) {

  /** The kinds. */
  public enum Kind {
    /** It left, but not as the run says. */
    DIFFERS("left otherwise"),
    /** The run had it leave by another interface. */
    ELSEWHERE("left by another interface in the model"),
    /** The run did not let it pass. */
    LOST("did not pass in the model"),
    /** The host itself sent it, and what it sends is not among the captures. */
    OWN("sent by the host itself, and not captured as such"),
    /** The captures do not hold its arrival. */
    NO_ARRIVAL("arrived where nothing was captured"),
    /** The run had it leave, the captures do not hold it. */
    NOT_SEEN("left in the model only");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** In words. */
    public String text() {
      return text;
    }
  }

  /**
   * One frame.
   *
   * @param frame its number in the captures; for one that only the run had leave, that of the frame
   *     that caused it
   * @param timeNs its time, ns since the epoch
   * @param interfaceId the interface by which it left
   * @param packet its addresses and ports
   * @param seen what the captures say of the field that differs, empty where that is not it
   * @param predicted what the run says of it
   */
  public record Example(
      long frame, long timeNs, int interfaceId, String packet, String seen, String predicted) {}
}
