-- Wants to be told.
LISTEN patbridge
