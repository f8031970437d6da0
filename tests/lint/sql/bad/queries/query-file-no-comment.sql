UPDATE need SET state = 'closed'
