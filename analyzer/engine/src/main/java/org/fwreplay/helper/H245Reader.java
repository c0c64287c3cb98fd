package org.fwreplay.helper;

/** H.245 on a connection of its own. */
final class H245Reader extends TpktReader {
  private static final PerType MESSAGE = H245Channels.MESSAGE;

  private final H245Channels channels;

  H245Reader(HelperContext context) {
    super(new H323Packet(context, MESSAGE.slots()));
    channels = new H245Channels(at, new H323Nat(context, at));
  }

  @Override
  int message(int length) {
    int result = at.decoder.read(MESSAGE, at.packet.buffer, at.message, at.message, length);
    if (result < 0) {
      return UNREADABLE;
    }
    return channels.message(0) ? READ : DROP;
  }
}
