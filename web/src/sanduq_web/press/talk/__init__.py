"""Where readers talk: comments, the enquiry desk, the list of subscribers; what guards their forms; what moderators see."""
