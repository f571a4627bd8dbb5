from . import test_echo, test_first_sync, test_people, test_single_meetings
from . import test_mail_silence, test_outbox, test_round
from . import test_neutralize, test_uninstall, test_user_views
from . import test_reset, test_reset_tour, test_reset_trouble
from . import test_access
from . import test_pending
from . import test_sealing
from . import test_settings
from . import test_sign_in
from . import test_sync_route
from . import test_tours
